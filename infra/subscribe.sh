#!/bin/sh
# Phase 3: subscribes Steward to what happens in each subscription that it looks after. Needs the Azure CLI, and the
# outputs of main.bicep in the environment: azd and the workflow put them there.
set -eu
: "${STEWARD_WATCHED:?is not set: deploy main.bicep first, its outputs are needed}"
: "${AZURE_LOCATION:?is not set: deploy main.bicep first, its outputs are needed}"
cd "$(dirname "$0")/fleet"

for id in $(echo "$STEWARD_WATCHED" | tr ',' ' '); do
  az deployment sub create --subscription "$id" --location "$AZURE_LOCATION" --name steward-events \
    --parameters subscription-events.bicepparam --only-show-errors --output none
  echo "Subscribed to the events of $id."
done
