// A PostgreSQL server that only the network of Wayfinder reaches, with one database on it.
param name string
param location string
param database string
@secure()
param password string
param subnet string
param zone string
param workspace string
@minValue(7)
@maxValue(35)
param backupDays int

resource server 'Microsoft.DBforPostgreSQL/flexibleServers@2024-08-01' = {
  name: name
  location: location
  sku: {
    name: 'Standard_D2ds_v5'
    tier: 'GeneralPurpose'
  }
  properties: {
    version: '17'
    administratorLogin: 'wayfinder'
    administratorLoginPassword: password
    authConfig: {
      activeDirectoryAuth: 'Disabled'
      passwordAuth: 'Enabled'
    }
    storage: {
      storageSizeGB: 64
      autoGrow: 'Enabled'
    }
    backup: {
      backupRetentionDays: backupDays
      geoRedundantBackup: 'Disabled'
    }
    highAvailability: {
      mode: 'ZoneRedundant'
    }
    network: {
      delegatedSubnetResourceId: subnet
      privateDnsZoneArmResourceId: zone
      publicNetworkAccess: 'Disabled'
    }
  }
}

resource held 'Microsoft.DBforPostgreSQL/flexibleServers/databases@2024-08-01' = {
  parent: server
  name: database
  properties: {
    charset: 'UTF8'
    collation: 'en_US.utf8'
  }
}

resource onlyTls 'Microsoft.DBforPostgreSQL/flexibleServers/configurations@2024-08-01' = {
  parent: server
  name: 'require_secure_transport'
  properties: {
    value: 'ON'
    source: 'user-override'
  }
  dependsOn: [
    held
  ]
}

resource kept 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'kept'
  scope: server
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

output host string = server.properties.fullyQualifiedDomainName
