namespace Notifications;

/// <summary>Notes for users, made by other services in a user's name: an example of a service that others call.</summary>
public static class NotificationsService
{
    public static Microservice Create(string[] args)
    {
        var app = Microservice.Create("notifications", args);
        app.RegisterResource<Notification>();
        return app;
    }
}
