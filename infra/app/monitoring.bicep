import { Names, Tags } from '../types.bicep'

param location string
param tags Tags
param names Names

@description('Who is told; empty: nobody, the alerts are seen in the portal.')
param alertEmail string

@description('Logs beyond this are dropped until the next day.')
@minValue(1)
param dailyQuotaGb int

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' = {
  name: names.workspace
  location: location
  tags: tags
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: 30
    workspaceCapping: { dailyQuotaGb: dailyQuotaGb }
    features: { disableLocalAuth: true }
  }
}

resource component 'Microsoft.Insights/components@2020-02-02' = {
  name: names.component
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    Flow_Type: 'Bluefield'
    Request_Source: 'rest'
    WorkspaceResourceId: workspace.id
    DisableLocalAuth: true
    RetentionInDays: 30
    SamplingPercentage: 100
  }
}

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: names.actionGroup
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'Steward'
    emailReceivers: empty(alertEmail)
      ? []
      : [{ name: 'operators', emailAddress: alertEmail, useCommonAlertSchema: true }]
  }
}

@description('What is looked for in the logs. count: the rule fires when the query finds more, or, with a sweep, fewer than one.')
var rules = [
  {
    name: 'sweep-overdue'
    title: 'Steward: no sweep of the fleet for 26 hours'
    description: 'Nobody looks after the fleet: the app is stopped, it is disabled by STEWARD_ENABLED, or its sweeps fail. Next: open the invocations of fleetSweep.'
    severity: 1
    query: 'AppTraces | where TimeGenerated > ago(26h) | where Message has "fleet.swept"'
    every: 'PT1H'
    window: 'P2D'
    operator: 'LessThan'
    threshold: 1
  }
  {
    name: 'functions-failing'
    title: 'Steward: functions end in failure'
    description: 'What was started did not come to its end. Next: GET /api/v1/runs, and the exceptions of the same operation.'
    severity: 2
    query: 'AppRequests | where Success == false | where ResultCode !startswith "4"'
    every: 'PT15M'
    window: 'PT1H'
    operator: 'GreaterThan'
    threshold: 5
  }
  {
    name: 'events-quarantined'
    title: 'Steward: events that cannot be understood'
    description: 'An event was put aside: its form is none that Steward knows. Next: read the reason in the log entry clusterEvent.quarantined.'
    severity: 3
    query: 'AppTraces | where Message has "clusterEvent.quarantined"'
    every: 'PT1H'
    window: 'PT1H'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'throttled'
    title: 'Steward: Azure throttles more than one call in twenty'
    description: 'Azure Resource Manager asks Steward to slow down. Next: see which provider, and who else writes in the subscription.'
    severity: 3
    query: 'AppDependencies | summarize all = count(), throttled = countif(ResultCode == "429") | where all >= 100 and throttled * 20 > all'
    every: 'PT15M'
    window: 'PT1H'
    operator: 'GreaterThan'
    threshold: 0
  }
]

resource alerts 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = [
  for rule in rules: {
    name: '${names.alertPrefix}${rule.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: rule.title
      description: rule.description
      severity: rule.severity
      enabled: true
      autoMitigate: true
      scopes: [workspace.id]
      evaluationFrequency: rule.every
      windowSize: rule.window
      skipQueryValidation: true // the tables appear with the first entry
      criteria: {
        allOf: [
          {
            query: rule.query
            timeAggregation: 'Count'
            operator: rule.operator
            threshold: rule.threshold
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      actions: { actionGroups: [people.id] }
    }
  }
]

output actionGroupId string = people.id
