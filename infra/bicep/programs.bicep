// One program in each of its roles, and the job that brings the database up to its version. Only
// web has an address; a new version of each comes in beside the old one.
param name string
param location string
param image string
param registryServer string
param identity string
param vaultUri string
param subnet string
param workspaceName string
param teamsAppId string
param teamsTenant string
param firstAdmin string

var databases = [
  {
    name: 'database'
    keyVaultUrl: '${vaultUri}secrets/database'
    identity: identity
  }
  {
    name: 'keyring'
    keyVaultUrl: '${vaultUri}secrets/keyring'
    identity: identity
  }
]

var own = [
  {
    name: 'secret'
    keyVaultUrl: '${vaultUri}secrets/secret'
    identity: identity
  }
  {
    name: 'teams-secret'
    keyVaultUrl: '${vaultUri}secrets/teams-secret'
    identity: identity
  }
]

var places = [
  {
    name: 'WAYFINDER_DATABASE'
    secretRef: 'database'
  }
  {
    name: 'WAYFINDER_KEYRING'
    secretRef: 'keyring'
  }
]

var host = '${name}-web.${environment.properties.defaultDomain}'

var settings = [
  {
    name: 'WAYFINDER_SECRET'
    secretRef: 'secret'
  }
  {
    name: 'WAYFINDER_TEAMS_SECRET'
    secretRef: 'teams-secret'
  }
  {
    name: 'WAYFINDER_TEAMS_APP_ID'
    value: teamsAppId
  }
  {
    name: 'WAYFINDER_TEAMS_TENANT'
    value: teamsTenant
  }
  {
    name: 'WAYFINDER_FIRST_ADMIN'
    value: firstAdmin
  }
  {
    name: 'WAYFINDER_PUBLIC_URL'
    value: 'https://${host}'
  }
  {
    name: 'WAYFINDER_PICTURES'
    value: 'https://${host}'
  }
]

var roles = [
  {
    name: 'web'
    memory: '1Gi'
    least: 2
    most: 6
  }
  {
    name: 'ticker'
    memory: '1Gi'
    least: 2
    most: 2
  }
  {
    name: 'courier'
    memory: '1Gi'
    least: 2
    most: 4
  }
]

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' existing = {
  name: workspaceName
}

resource environment 'Microsoft.App/managedEnvironments@2024-03-01' = {
  name: name
  location: location
  properties: {
    vnetConfiguration: {
      infrastructureSubnetId: subnet
      internal: false
    }
    zoneRedundant: true
    workloadProfiles: [
      {
        name: 'Consumption'
        workloadProfileType: 'Consumption'
      }
    ]
    peerAuthentication: {
      mtls: {
        enabled: true
      }
    }
    appLogsConfiguration: {
      destination: 'log-analytics'
      logAnalyticsConfiguration: {
        customerId: workspace.properties.customerId
        sharedKey: workspace.listKeys().primarySharedKey
      }
    }
  }
}

resource migrate 'Microsoft.App/jobs@2024-03-01' = {
  name: '${name}-migrate'
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identity}': {}
    }
  }
  properties: {
    environmentId: environment.id
    workloadProfileName: 'Consumption'
    configuration: {
      triggerType: 'Manual'
      replicaTimeout: 3600
      replicaRetryLimit: 2
      manualTriggerConfig: {
        parallelism: 1
        replicaCompletionCount: 1
      }
      secrets: databases
      registries: [
        {
          server: registryServer
          identity: identity
        }
      ]
    }
    template: {
      containers: [
        {
          name: 'migrate'
          image: image
          args: [
            'migrate'
          ]
          env: places
          resources: {
            cpu: json('0.5')
            memory: '1Gi'
          }
        }
      ]
    }
  }
}

resource programs 'Microsoft.App/containerApps@2024-03-01' = [for role in roles: {
  name: '${name}-${role.name}'
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identity}': {}
    }
  }
  properties: {
    managedEnvironmentId: environment.id
    workloadProfileName: 'Consumption'
    configuration: {
      activeRevisionsMode: 'Single'
      ingress: role.name == 'web' ? {
        external: true
        targetPort: 3978
        transport: 'http'
        allowInsecure: false
        clientCertificateMode: 'ignore'
      } : null
      secrets: concat(databases, own)
      registries: [
        {
          server: registryServer
          identity: identity
        }
      ]
    }
    template: {
      // What is under way when it is told to stop has 17 seconds, and the doors 5.
      terminationGracePeriodSeconds: 30
      containers: [
        {
          name: role.name
          image: image
          args: [
            'serve'
            '--role'
            role.name
          ]
          env: concat(places, settings)
          resources: {
            cpu: json('0.5')
            memory: role.memory
          }
          probes: [
            {
              type: 'Startup'
              httpGet: {
                path: '/healthz'
                port: 3978
              }
              periodSeconds: 5
              failureThreshold: 24
            }
            {
              type: 'Liveness'
              httpGet: {
                path: '/healthz'
                port: 3978
              }
              periodSeconds: 10
              timeoutSeconds: 5
              failureThreshold: 3
            }
            {
              type: 'Readiness'
              httpGet: {
                path: '/readyz'
                port: 3978
              }
              periodSeconds: 5
              timeoutSeconds: 5
              failureThreshold: 3
            }
          ]
          volumeMounts: [
            {
              volumeName: 'data'
              mountPath: '/data'
            }
          ]
        }
      ]
      volumes: [
        {
          name: 'data'
          storageType: 'EmptyDir'
        }
      ]
      scale: {
        minReplicas: role.least
        maxReplicas: role.most
        rules: [
          {
            name: 'busy'
            custom: {
              type: 'cpu'
              metadata: {
                type: 'Utilization'
                value: '70'
              }
            }
          }
        ]
      }
    }
  }
}]

output host string = host
