Notifications.NotificationsService.Create(args).Run();
