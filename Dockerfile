# One image for every part: docker build --build-arg PROJECT=services/Orders -t orders .
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS framework
WORKDIR /source
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig ./
COPY framework framework
# A stage of its own, so that five images compile the framework once and a changed service compiles only itself.
RUN --mount=type=cache,target=/root/.nuget/packages \
    dotnet build framework/Framework -c Release --nologo

FROM framework AS build
ARG PROJECT TARGETARCH
COPY services/Directory.Build.props services/
COPY $PROJECT $PROJECT
# For one architecture: the portable form carries SQLite's native library for all of them.
RUN --mount=type=cache,target=/root/.nuget/packages \
    dotnet publish "$PROJECT" -c Release --arch "${TARGETARCH:-amd64}" --no-self-contained -o /app -p:UseAppHost=false -p:PublishDocumentationFiles=false --nologo

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /app .
# Files and the keys of Password fields; a volume that is mounted here takes over the owner.
RUN mkdir /data && chown $APP_UID /data
USER $APP_UID
# The base image's own port setting is emptied, or every start would warn that PORT overrides it.
ENV BIND=0.0.0.0 PORT=8080 DATA_DIRECTORY=/data ASPNETCORE_HTTP_PORTS="" DOTNET_gcServer=0
EXPOSE 8080
ENTRYPOINT ["dotnet"]
