Central.CentralSite.Create(args).Run();
