# One image for every part: docker build --build-arg PROJECT=services/Orders -t orders .
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
ARG PROJECT
WORKDIR /source
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig ./
COPY framework framework
COPY services services
COPY gateway gateway
RUN --mount=type=cache,target=/root/.nuget/packages \
    test -n "$PROJECT" && dotnet publish "$PROJECT" -c Release -o /app -p:UseAppHost=false --nologo

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /app .
# DataProtection, logs and data stay out of the image: the root is read-only in compose.yaml, and nothing runs as root.
USER $APP_UID
ENV BIND=0.0.0.0 PORT=8080 DOTNET_gcServer=0
EXPOSE 8080
ENTRYPOINT ["dotnet"]
