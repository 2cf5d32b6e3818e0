// Wayfinder in Azure, for one organisation: a process of each role in Container Apps, PostgreSQL and
// the keyring on private servers, secrets in a Key Vault, and the bot with Teams as its one channel.
//
//     az group create --name wayfinder --location westeurope
//     az deployment group create --resource-group wayfinder --template-file infra/bicep/main.bicep \
//         --parameters image=example.azurecr.io/wayfinder:0.1.0 registry=example teamsAppId=… …
//     az containerapp job start --resource-group wayfinder --name wayfinder-migrate
//
// Secrets are handed over as secure parameters, go into the vault, and are read from there; they
// stand in no output and in no setting of a container.
targetScope = 'resourceGroup'

@description('Beginning of every name')
@minLength(3)
@maxLength(11)
param name string = 'wayfinder'

@description('Where it runs')
param location string = resourceGroup().location

@description('The image, with its version')
param image string

@description('Name of the Azure container registry in this resource group that holds the image')
param registry string

@description('Application (client) id of the single-tenant app registration of the bot')
param teamsAppId string

@description('Entra tenant of the bot; only its people are let in')
param teamsTenant string = subscription().tenantId

@description('Client secret of that app registration')
@secure()
param teamsSecret string

@description('Binds buttons to people; at least 32 random characters, kept for good')
@secure()
param secret string

@description('Password of the database; letters, digits, - and _ only')
@secure()
@minLength(24)
param databasePassword string

@description('Password of the keyring; letters, digits, - and _ only')
@secure()
@minLength(24)
param keyringPassword string

@description('Who may give roles at first')
param firstAdmin string

module network 'network.bicep' = {
  name: '${name}-network'
  params: {
    name: name
    location: location
  }
}

module watching 'watching.bicep' = {
  name: '${name}-watching'
  params: {
    name: name
    location: location
  }
}

module database 'postgresql.bicep' = {
  name: '${name}-database'
  params: {
    name: '${name}-data-${uniqueString(resourceGroup().id)}'
    location: location
    database: 'wayfinder'
    password: databasePassword
    subnet: network.outputs.databases
    zone: network.outputs.databaseZone
    workspace: watching.outputs.workspace
    backupDays: 35
  }
}

// Keys that were destroyed live on in every backup, so these are kept for as short as Azure lets us.
module keyring 'postgresql.bicep' = {
  name: '${name}-keyring'
  params: {
    name: '${name}-keys-${uniqueString(resourceGroup().id)}'
    location: location
    database: 'keys'
    password: keyringPassword
    subnet: network.outputs.databases
    zone: network.outputs.databaseZone
    workspace: watching.outputs.workspace
    backupDays: 7
  }
}

module vault 'vault.bicep' = {
  name: '${name}-vault'
  params: {
    name: name
    location: location
    registry: registry
    subnet: network.outputs.vault
    zone: network.outputs.vaultZone
    workspace: watching.outputs.workspace
    databaseHost: database.outputs.host
    databasePassword: databasePassword
    keyringHost: keyring.outputs.host
    keyringPassword: keyringPassword
    secret: secret
    teamsSecret: teamsSecret
  }
}

module programs 'programs.bicep' = {
  name: '${name}-programs'
  params: {
    name: name
    location: location
    image: image
    registryServer: vault.outputs.registryServer
    identity: vault.outputs.identity
    vaultUri: vault.outputs.uri
    subnet: network.outputs.programs
    workspaceName: watching.outputs.workspaceName
    teamsAppId: teamsAppId
    teamsTenant: teamsTenant
    firstAdmin: firstAdmin
  }
}

module bot 'bot.bicep' = {
  name: '${name}-bot'
  params: {
    name: name
    host: programs.outputs.host
    teamsAppId: teamsAppId
    teamsTenant: teamsTenant
    workspace: watching.outputs.workspace
  }
}

output host string = programs.outputs.host
