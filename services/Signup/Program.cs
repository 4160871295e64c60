Signup.SignupService.Create(args).Run();
