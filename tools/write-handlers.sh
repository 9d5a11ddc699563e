#!/usr/bin/env bash
# Writes the code around the message handlers of each service. Run it when a handler, its parameters or the middleware around it has changed.
# With a folder as argument it writes there what the services say, and leaves the services as they are.
set -euo pipefail
cd "$(dirname "$0")/.."

# None of these is asked: the services only say what they would run.
export ConnectionStrings__Database='Host=127.0.0.1' PersonalData__KeyFolder=/nonexistent Authentication__Authority='http://localhost/'
for other in Catalog Documents Interpretation Consultation; do export "Services__${other}__Grpc=http://localhost"; done

built=$(mktemp -d)
trap 'rm -rf "$built"' EXIT
for service in Catalog Documents Interpretation Consultation; do
  folder=${1:+$1/$service}
  folder=${folder:-$PWD/services/$service/Internal/Generated}
  dotnet build "services/$service" -nologo -v quiet -p:HandlersAreWritten=false -p:ArtifactsPath="$built"
  rm -rf "$folder"
  CodeGeneration__Folder="$folder" dotnet "$built/bin/$service/debug/PolicyPlatform.$service.dll" codegen write > /dev/null
done
