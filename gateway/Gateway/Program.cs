return await Gateway.GatewayApp.RunAsync(args);
