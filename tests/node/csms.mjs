// A management system that answers and commands as a conversation says: csms.mjs LIBRARY PROTOCOL CONVERSATION
// Its first line of output is the port it listens on, its last what it was asked and answered, as JSON.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import ocppRpc from 'ocpp-rpc'

const [library, protocol, file] = process.argv.slice(2)
const { asks, commands } = JSON.parse(readFileSync(file, 'utf8'))
const answerTo = new Map(asks.map(([action, , answer]) => [action, answer]))
// What ocpp-rpc 2.2.1 calls the schemas of 2.1 it does not find again, so that nothing passes its strict mode there.
const STRICT = protocol !== 'ocpp2.1'
const answers = []
const heard = []

async function commandsAll (call, codeOf) {
  for (const [action, payload] of commands) {
    try {
      answers.push(await call(action, payload))
    } catch (error) {
      answers.push({ error: codeOf(error) ?? `${error}` })
    }
  }
}

function listening (port) {
  console.log(JSON.stringify({ port }))
}

function ends (code, reason) {
  console.log(JSON.stringify({ answers, heard, closed: { code, reason: `${reason}` } }))
  process.exit(0)
}

async function speaksOcppRpc () {
  const { RPCServer, createRPCError } = ocppRpc
  const server = new RPCServer({ protocols: [protocol], strictMode: STRICT, pingIntervalMs: 60_000 })
  server.on('client', client => {
    client._ws.ping('still there?') // its own pings count a slow answer as a lost line
    for (const [action, answer] of answerTo) {
      client.handle(action, ({ params }) => {
        heard.push([action, params])
        if (answer.error) throw createRPCError(answer.error)
        if (action === 'BootNotification') {
          setImmediate(() => commandsAll((...call) => client.call(...call), error => error.rpcErrorCode))
        }
        return answer
      })
    }
    client.once('close', ({ code, reason }) => ends(code, reason))
  })
  listening((await server.listen(0, '127.0.0.1')).address().port)
}

// This one does not tell which port it was given, so the server that it makes is kept here.
function speaksOcppTs () {
  const require = createRequire(import.meta.url)
  const http = require('http')
  const create = http.createServer
  http.createServer = (...wishes) => {
    const made = create(...wishes)
    made.once('listening', () => listening(made.address().port))
    return made
  }
  const { OcppServer } = require('ocpp-ts')
  const server = new OcppServer()
  server.on('connection', client => {
    client.connection.socket.ping('still there?')
    for (const [action, answer] of answerTo) {
      client.on(action, (payload, respond) => {
        heard.push([action, payload])
        if (answer.error) throw Object.assign(new Error('not today'), { code: answer.error })
        respond(answer)
        if (action === 'BootNotification') {
          setImmediate(() => commandsAll((...call) => client.callRequest(...call), error => error.code))
        }
      })
    }
    client.on('close', ends)
  })
  server.listen({ host: '127.0.0.1', port: 0 })
}

await { 'ocpp-rpc': speaksOcppRpc, 'ocpp-ts': speaksOcppTs }[library]()
