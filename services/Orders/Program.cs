Orders.OrdersService.Create(args).Run();
