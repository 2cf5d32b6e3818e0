// The vault that secrets lie in, and the one identity that may read them and fetch the image.
param name string
param location string
param registry string
param subnet string
param zone string
param workspace string
param databaseHost string
@secure()
param databasePassword string
param keyringHost string
@secure()
param keyringPassword string
@secure()
param secret string
@secure()
param teamsSecret string

// Azure's own numbers for "may read secrets" and "may fetch images".
var readSecrets = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4633458b-17de-408a-b874-0445c86b69e6')
var fetchImages = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '7f951dda-4ed3-4680-a7ca-43fe172d538d')

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: name
  location: location
}

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: '${name}${uniqueString(resourceGroup().id)}'
  location: location
  properties: {
    tenantId: subscription().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 90
    enablePurgeProtection: true
    publicNetworkAccess: 'Disabled'
    networkAcls: {
      bypass: 'None'
      defaultAction: 'Deny'
    }
  }
}

resource door 'Microsoft.Network/privateEndpoints@2024-05-01' = {
  name: '${name}-vault'
  location: location
  properties: {
    subnet: {
      id: subnet
    }
    privateLinkServiceConnections: [
      {
        name: 'vault'
        properties: {
          privateLinkServiceId: vault.id
          groupIds: [
            'vault'
          ]
        }
      }
    ]
  }
}

resource doorName 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-05-01' = {
  parent: door
  name: 'vault'
  properties: {
    privateDnsZoneConfigs: [
      {
        name: 'vault'
        properties: {
          privateDnsZoneId: zone
        }
      }
    ]
  }
}

resource mayRead 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, identity.id, readSecrets)
  scope: vault
  properties: {
    roleDefinitionId: readSecrets
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

resource images 'Microsoft.ContainerRegistry/registries@2023-07-01' existing = {
  name: registry
}

resource mayFetch 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(images.id, identity.id, fetchImages)
  scope: images
  properties: {
    roleDefinitionId: fetchImages
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

resource databaseAddress 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = {
  parent: vault
  name: 'database'
  properties: {
    contentType: 'address'
    value: 'postgresql://wayfinder:${databasePassword}@${databaseHost}/wayfinder?ssl=require'
  }
}

resource keyringAddress 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = {
  parent: vault
  name: 'keyring'
  properties: {
    contentType: 'address'
    value: 'postgresql://wayfinder:${keyringPassword}@${keyringHost}/keys?ssl=require'
  }
}

resource ownSecret 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = {
  parent: vault
  name: 'secret'
  properties: {
    contentType: 'secret'
    value: secret
  }
}

resource botSecret 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = {
  parent: vault
  name: 'teams-secret'
  properties: {
    contentType: 'secret'
    value: teamsSecret
  }
}

resource kept 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'kept'
  scope: vault
  properties: {
    workspaceId: workspace
    logs: [
      {
        categoryGroup: 'audit'
        enabled: true
      }
    ]
  }
}

output uri string = vault.properties.vaultUri
output identity string = identity.id
output registryServer string = images.properties.loginServer
