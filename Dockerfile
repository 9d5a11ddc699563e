# syntax=docker/dockerfile:1

# One image a service, and one that audits them: docker buildx build --target catalog|documents|interpretation|consultation|gateway|audit.
# How releases are built stands in k8s/README.md. A release names both images with their digests (SDK, RUNTIME), so that the same source gives the same image again.
ARG SDK=mcr.microsoft.com/dotnet/sdk:10.0-noble
ARG RUNTIME=mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled

# What is compiled does not depend on where it will run.
FROM --platform=$BUILDPLATFORM ${SDK} AS restore
ENV DOTNET_CLI_TELEMETRY_OPTOUT=true \
    DOTNET_NOLOGO=true
WORKDIR /source
# What decides on packages comes first: it changes less often than the code, and packages stay where they are until then.
COPY .editorconfig global.json Directory.Build.props Directory.Packages.props ./
COPY services/Directory.Build.targets services/
COPY contracts/*.csproj contracts/packages.lock.jso[n] contracts/
COPY gateway/*.csproj gateway/packages.lock.jso[n] gateway/
COPY services/Catalog/*.csproj services/Catalog/packages.lock.jso[n] services/Catalog/
COPY services/Consultation/*.csproj services/Consultation/packages.lock.jso[n] services/Consultation/
COPY services/Documents/*.csproj services/Documents/packages.lock.jso[n] services/Documents/
COPY services/Interpretation/*.csproj services/Interpretation/packages.lock.jso[n] services/Interpretation/
COPY services/ServiceDefaults/*.csproj services/ServiceDefaults/packages.lock.jso[n] services/ServiceDefaults/
COPY services/Shared/*.csproj services/Shared/packages.lock.jso[n] services/Shared/
COPY tools/Audit/*.csproj tools/Audit/packages.lock.jso[n] tools/Audit/
RUN set -e; for project in gateway services/Catalog services/Consultation services/Documents services/Interpretation tools/Audit; do \
        dotnet restore "$project" -p:RestoreLockedMode=true; \
    done

FROM restore AS publish
ARG VERSION=0.0.0
ARG REVISION=
COPY contracts/ contracts/
COPY gateway/ gateway/
COPY services/ services/
COPY tools/Audit/ tools/Audit/
# The same source gives the same assemblies, and by them a service knows whether its release was at the database before. No launcher:
# the runtime starts the assembly.
RUN set -e; for project in gateway services/Catalog services/Consultation services/Documents services/Interpretation tools/Audit; do \
        name="${project##*/}"; [ "$name" != gateway ] || name=Gateway; \
        dotnet publish "$project" -c Release --no-restore -o "/published/$name" \
            -p:ContinuousIntegrationBuild=true -p:Deterministic=true -p:UseAppHost=false -p:DebugType=embedded \
            -p:Version="$VERSION" -p:SourceRevisionId="$REVISION"; \
    done

# No shell, no package manager, no other users. Globalization is invariant and official time has a fixed offset: neither ICU nor time zones
# are needed.
FROM ${RUNTIME} AS runtime
ARG VERSION=0.0.0
ARG REVISION=
LABEL org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.documentation="k8s/README.md"
WORKDIR /app
# Where it listens, unless told otherwise: gRPC without TLS needs an endpoint that speaks HTTP/2 alone. Diagnostics would open a socket.
ENV ASPNETCORE_HTTP_PORTS= \
    Kestrel__Endpoints__Http__Url=http://+:8080 \
    Kestrel__Endpoints__Grpc__Url=http://+:8081 \
    Kestrel__Endpoints__Grpc__Protocols=Http2 \
    DOTNET_EnableDiagnostics=0
EXPOSE 8080 8081
# The user app of these images, by its number: who checks that it is not root cannot look up names.
USER 1654:1654

FROM runtime AS catalog
LABEL org.opencontainers.image.title="policyplatform-catalog"
COPY --from=publish /published/Catalog ./
HEALTHCHECK --interval=30s --timeout=5s --start-period=1h CMD ["dotnet", "PolicyPlatform.Catalog.dll", "health"]
ENTRYPOINT ["dotnet", "PolicyPlatform.Catalog.dll"]

FROM runtime AS documents
LABEL org.opencontainers.image.title="policyplatform-documents"
COPY --from=publish /published/Documents ./
HEALTHCHECK --interval=30s --timeout=5s --start-period=1h CMD ["dotnet", "PolicyPlatform.Documents.dll", "health"]
ENTRYPOINT ["dotnet", "PolicyPlatform.Documents.dll"]

FROM runtime AS interpretation
LABEL org.opencontainers.image.title="policyplatform-interpretation"
COPY --from=publish /published/Interpretation ./
HEALTHCHECK --interval=30s --timeout=5s --start-period=1h CMD ["dotnet", "PolicyPlatform.Interpretation.dll", "health"]
ENTRYPOINT ["dotnet", "PolicyPlatform.Interpretation.dll"]

FROM runtime AS consultation
LABEL org.opencontainers.image.title="policyplatform-consultation"
COPY --from=publish /published/Consultation ./
HEALTHCHECK --interval=30s --timeout=5s --start-period=1h CMD ["dotnet", "PolicyPlatform.Consultation.dll", "health"]
ENTRYPOINT ["dotnet", "PolicyPlatform.Consultation.dll"]

FROM runtime AS gateway
LABEL org.opencontainers.image.title="policyplatform-gateway"
COPY --from=publish /published/Gateway ./
HEALTHCHECK --interval=30s --timeout=5s --start-period=1h CMD ["dotnet", "PolicyPlatform.Gateway.dll", "health"]
ENTRYPOINT ["dotnet", "PolicyPlatform.Gateway.dll"]

# It looks and ends: nobody asks it how it is.
FROM runtime AS audit
LABEL org.opencontainers.image.title="policyplatform-audit"
COPY --from=publish /published/Audit ./
ENTRYPOINT ["dotnet", "PolicyPlatform.Audit.dll"]
