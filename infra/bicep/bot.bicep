// How Microsoft knows the bot: of one tenant, and in Teams alone. No Web Chat and no Direct Line:
// nobody is who they are there.
param name string
param host string
param teamsAppId string
param teamsTenant string
param workspace string

resource bot 'Microsoft.BotService/botServices@2022-09-15' = {
  name: name
  location: 'global'
  kind: 'azurebot'
  sku: {
    name: 'S1'
  }
  properties: {
    displayName: 'Wayfinder'
    endpoint: 'https://${host}/api/messages'
    msaAppId: teamsAppId
    msaAppType: 'SingleTenant'
    msaAppTenantId: teamsTenant
    disableLocalAuth: true
    isStreamingSupported: false
    schemaTransformationVersion: '1.3'
  }
}

resource teams 'Microsoft.BotService/botServices/channels@2022-09-15' = {
  parent: bot
  name: 'MsTeamsChannel'
  location: 'global'
  properties: {
    channelName: 'MsTeamsChannel'
    properties: {
      isEnabled: true
      enableCalling: false
      acceptedTerms: true
    }
  }
}

resource kept 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'kept'
  scope: bot
  properties: {
    workspaceId: workspace
    logs: [
      {
        categoryGroup: 'allLogs'
        enabled: true
      }
    ]
  }
}
