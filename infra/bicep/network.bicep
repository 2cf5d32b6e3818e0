// A network of its own: programs, databases and the vault each have a part, and the last two have
// no address that the internet could reach.
param name string
param location string

resource programGuard 'Microsoft.Network/networkSecurityGroups@2024-05-01' = {
  name: '${name}-programs'
  location: location
  properties: {
    securityRules: [
      {
        name: 'https'
        properties: {
          priority: 100
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: 'Internet'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.20.0.0/23'
          destinationPortRange: '443'
        }
      }
    ]
  }
}

resource databaseGuard 'Microsoft.Network/networkSecurityGroups@2024-05-01' = {
  name: '${name}-databases'
  location: location
  properties: {
    securityRules: [
      {
        name: 'programs'
        properties: {
          priority: 100
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.20.0.0/23'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.20.2.0/24'
          destinationPortRange: '5432'
        }
      }
      {
        name: 'within'
        properties: {
          priority: 110
          direction: 'Inbound'
          access: 'Allow'
          protocol: '*'
          sourceAddressPrefix: '10.20.2.0/24'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.20.2.0/24'
          destinationPortRange: '*'
        }
      }
      {
        name: 'nobody'
        properties: {
          priority: 4000
          direction: 'Inbound'
          access: 'Deny'
          protocol: '*'
          sourceAddressPrefix: '*'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '*'
        }
      }
    ]
  }
}

resource vaultGuard 'Microsoft.Network/networkSecurityGroups@2024-05-01' = {
  name: '${name}-vault'
  location: location
  properties: {
    securityRules: [
      {
        name: 'programs'
        properties: {
          priority: 100
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.20.0.0/23'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.20.3.0/24'
          destinationPortRange: '443'
        }
      }
      {
        name: 'nobody'
        properties: {
          priority: 4000
          direction: 'Inbound'
          access: 'Deny'
          protocol: '*'
          sourceAddressPrefix: '*'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '*'
        }
      }
    ]
  }
}

resource network 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: name
  location: location
  properties: {
    addressSpace: {
      addressPrefixes: [
        '10.20.0.0/16'
      ]
    }
    subnets: [
      {
        name: 'programs'
        properties: {
          addressPrefix: '10.20.0.0/23'
          networkSecurityGroup: {
            id: programGuard.id
          }
          delegations: [
            {
              name: 'programs'
              properties: {
                serviceName: 'Microsoft.App/environments'
              }
            }
          ]
        }
      }
      {
        name: 'databases'
        properties: {
          addressPrefix: '10.20.2.0/24'
          networkSecurityGroup: {
            id: databaseGuard.id
          }
          delegations: [
            {
              name: 'databases'
              properties: {
                serviceName: 'Microsoft.DBforPostgreSQL/flexibleServers'
              }
            }
          ]
        }
      }
      {
        name: 'vault'
        properties: {
          addressPrefix: '10.20.3.0/24'
          networkSecurityGroup: {
            id: vaultGuard.id
          }
          privateEndpointNetworkPolicies: 'Enabled'
        }
      }
    ]
  }
}

resource databaseZone 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: '${name}.private.postgres.database.azure.com'
  location: 'global'
}

resource databaseNames 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = {
  parent: databaseZone
  name: name
  location: 'global'
  properties: {
    registrationEnabled: false
    virtualNetwork: {
      id: network.id
    }
  }
}

resource vaultZone 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: 'privatelink.vaultcore.azure.net'
  location: 'global'
}

resource vaultNames 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = {
  parent: vaultZone
  name: name
  location: 'global'
  properties: {
    registrationEnabled: false
    virtualNetwork: {
      id: network.id
    }
  }
}

output programs string = '${network.id}/subnets/programs'
output databases string = '${network.id}/subnets/databases'
output vault string = '${network.id}/subnets/vault'
output databaseZone string = databaseZone.id
output vaultZone string = vaultZone.id
