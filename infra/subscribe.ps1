# Phase 3, as subscribe.sh: subscribes Steward to what happens in each subscription that it looks after.
$ErrorActionPreference = 'Stop'
foreach ($name in 'STEWARD_WATCHED', 'AZURE_LOCATION') {
  if (-not (Get-Item "env:$name" -ErrorAction SilentlyContinue)) {
    throw "$name is not set: deploy main.bicep first, its outputs are needed"
  }
}
Set-Location "$PSScriptRoot/fleet"

foreach ($id in $env:STEWARD_WATCHED -split ',') {
  az deployment sub create --subscription $id --location $env:AZURE_LOCATION --name steward-events `
    --parameters subscription-events.bicepparam --only-show-errors --output none
  if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
  Write-Output "Subscribed to the events of $id."
}
