#!/usr/bin/env bash
# Makes the secrets that compose.yaml mounts as files, each at random, in ./secrets. What is there already stays.
set -Eeuo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
umask 077
mkdir -p secrets

random() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }
# A whole file or none: a run that was cut off leaves nothing that the next one would keep.
keep() { [[ -s secrets/$1 ]] || { printf '%s' "$2" >secrets/.new && mv secrets/.new "secrets/$1"; }; }
read_secret() { cat "secrets/$1"; }

for service in central orders signup notifications; do
  keep "${service}_db_password" "$(random)"
  keep "${service}_db_root_password" "$(random)"
  keep "${service}_db_connection" "Server=${service}-db;Database=${service};User ID=${service};Password=$(read_secret "${service}_db_password");SslMode=Preferred"
done
for service in orders signup notifications; do keep "${service}_client_secret" "$(random)"; done
keep central_kek "$(head -c 32 /dev/urandom | base64 | tr -d '\n')"
keep admin_password "$(random)"
keep smtp_password "$(random)" # until CENTRAL_SMTP_USER is set, and its password put here

# The demo: two tenants with a user and a client each, and an API key. The requests of the README read these variables.
if [[ -z ${PUBLIC_URL:-} && -f .env ]]; then PUBLIC_URL=$(sed -n 's/^PUBLIC_URL=//p' .env | tail -1); fi
keep demo.env "export BASE=${PUBLIC_URL:-http://127.0.0.1:8080}
export CLIENT_ID=acme-demo CLIENT_SECRET=$(random)
export OTHER_CLIENT_ID=globex-demo OTHER_CLIENT_SECRET=$(random)
export API_KEY=acme-demo-key API_SECRET=$(random)
export USR=admin@acme.example PASSWORD=$(random)
"

client() { # ID SECRET TENANT ROLES MORE
  printf '{"client_id":"%s","client_secret":"%s","client_name":"%s","tenant":"%s","grant_types":["client_credentials"],"token_endpoint_auth_method":"client_secret_basic","roles":[%s]%s}' \
    "$1" "$2" "$1" "$3" "$4" "${5:-}"
}
service_client() { client "$1" "$(read_secret "$1_client_secret")" "" "${2:-}" ',"may_introspect_sessions":true,"may_introspect_api_keys":true'; }
user() { # EMAIL NAME PASSWORD TENANT
  printf '{"username":"%s","email":"%s","full_name":"%s","password":"%s","tenant":"%s","roles":["System Manager"],"enabled":true}' "$1" "$1" "$2" "$3" "$4"
}
seed() {
  . secrets/demo.env
  cat <<JSON
{"tenants":[{"id":"acme","name":"Acme"},{"id":"globex","name":"Globex"}],
 "users":[$(user "$USR" "Ada Admin" "$PASSWORD" acme),$(user admin@globex.example "Gus Admin" "$(random)" globex)],
 "clients":[$(service_client orders),$(service_client notifications),$(service_client signup '"Tenant Provisioner"'),
  $(client "$CLIENT_ID" "$CLIENT_SECRET" acme '"Sales Manager"'),$(client "$OTHER_CLIENT_ID" "$OTHER_CLIENT_SECRET" globex '"Sales Manager"')],
 "api_keys":[{"key":"$API_KEY","secret":"$API_SECRET","user":"$USR","tenant":"acme","name":"demo"}]}
JSON
}
keep seed.json "$(seed)"

# The containers read their files as another user than the one who made them; the folder itself keeps everybody else out.
chmod 700 secrets
chmod 644 secrets/*
chmod 600 secrets/demo.env
