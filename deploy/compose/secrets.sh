#!/usr/bin/env bash
# Makes the secrets that compose.yaml mounts as files, each at random, in ./secrets. What is there already stays.
set -Eeuo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
umask 077
mkdir -p secrets

random() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }
keep() { [[ -s secrets/$1 ]] || printf '%s' "$2" >"secrets/$1"; }

for service in central orders signup notifications; do
  keep "${service}_db_password" "$(random)"
  keep "${service}_db_root_password" "$(random)"
  keep "${service}_db_connection" "Server=${service}-db;Database=${service};User ID=${service};Password=$(cat "secrets/${service}_db_password");SslMode=Preferred"
done
for service in orders signup notifications; do keep "${service}_client_secret" "$(random)"; done
keep central_kek "$(head -c 32 /dev/urandom | base64 | tr -d '\n')"

if [[ ! -s secrets/seed.json ]]; then
  client() {
    printf '{"client_id":"%s","client_secret":"%s","client_name":"%s","grant_types":["client_credentials"],"token_endpoint_auth_method":"client_secret_basic","roles":[%s],"may_introspect_sessions":true,"may_introspect_api_keys":true}' \
      "$1" "$(cat "secrets/$1_client_secret")" "$1" "$2"
  }
  demo_client() {
    printf '{"client_id":"%s","client_secret":"%s","client_name":"%s","tenant":"%s","grant_types":["client_credentials"],"token_endpoint_auth_method":"client_secret_basic","roles":["Sales Manager"]}' "$1" "$2" "$1" "$3"
  }
  user() {
    printf '{"username":"%s","email":"%s","full_name":"%s","password":"%s","tenant":"%s","roles":["System Manager"],"enabled":true}' "$1" "$1" "$2" "$3" "$4"
  }
  acme=$(random) globex=$(random) key=$(random) password=$(random)
  cat >secrets/seed.json <<JSON
{"tenants":[{"id":"acme","name":"Acme"},{"id":"globex","name":"Globex"}],
 "users":[$(user admin@acme.example "Ada Admin" "$password" acme),$(user admin@globex.example "Gus Admin" "$(random)" globex)],
 "clients":[$(client orders ""),$(client notifications ""),$(client signup '"Tenant Provisioner"'),$(demo_client acme-demo "$acme" acme),$(demo_client globex-demo "$globex" globex)],
 "api_keys":[{"key":"acme-demo-key","secret":"$key","user":"admin@acme.example","tenant":"acme","name":"demo"}]}
JSON
  cat >secrets/demo.env <<ENV
export BASE=${PUBLIC_URL:-http://127.0.0.1:8080}
export CLIENT_ID=acme-demo CLIENT_SECRET=$acme
export OTHER_CLIENT_ID=globex-demo OTHER_CLIENT_SECRET=$globex
export API_KEY=acme-demo-key API_SECRET=$key
export USR=admin@acme.example PASSWORD=$password
ENV
fi
# Containers read them as another user than the one who made them; the folder keeps everybody else out.
chmod 755 secrets
chmod 644 secrets/*
chmod 600 secrets/demo.env
