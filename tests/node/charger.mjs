// A charger that says its part of a conversation and then leaves: charger.mjs LIBRARY PROTOCOL CONVERSATION URL
// Its last line of output is what it was answered and asked, as JSON.
import { readFileSync } from 'node:fs'
import ocppRpc from 'ocpp-rpc'
import ocppTs from 'ocpp-ts'

const [library, protocol, file, url] = process.argv.slice(2)
const { asks, commands } = JSON.parse(readFileSync(file, 'utf8'))
// What ocpp-rpc 2.2.1 calls the schemas of 2.1 it does not find again, so that nothing passes its strict mode there.
const STRICT = protocol !== 'ocpp2.1'
const answers = []
const heard = []
const GOODBYE = [1000, 'enough for today']

let everythingHeard
const commanded = new Promise(resolve => { everythingHeard = resolve })

function hears (action, payload) {
  heard.push([action, payload])
  if (heard.length === commands.length) everythingHeard()
}

async function says (call, codeOf) {
  for (const [action, payload] of asks) {
    try {
      answers.push(await call(action, payload))
    } catch (error) {
      answers.push({ error: codeOf(error) ?? `${error}` })
    }
  }
  await commanded
  await new Promise(setImmediate) // the answer to the last command leaves before the charger does
}

async function speaksOcppRpc () {
  const { RPCClient, createRPCError } = ocppRpc
  const [endpoint, identity] = [url.slice(0, url.lastIndexOf('/')), url.slice(url.lastIndexOf('/') + 1)]
  const client = new RPCClient({
    endpoint, identity, protocols: [protocol], strictMode: STRICT, reconnect: false, pingIntervalMs: 60_000
  })
  for (const [action, , answer] of commands) {
    client.handle(action, ({ params }) => {
      hears(action, params)
      if (answer.error) throw createRPCError(answer.error)
      return answer
    })
  }
  await client.connect()
  client._ws.ping('still there?') // its own pings count a slow answer as a lost line
  await says((action, payload) => client.call(action, payload), error => error.rpcErrorCode)
  return await client.close({ code: GOODBYE[0], reason: GOODBYE[1], awaitPending: true })
}

// This one knows no closing code of its own; it is the socket below that closes.
async function speaksOcppTs () {
  const client = new ocppTs.OcppClient(url.slice(url.lastIndexOf('/') + 1))
  for (const [action, , answer] of commands) {
    client.on(action, (payload, respond) => {
      hears(action, payload)
      if (answer.error) throw Object.assign(new Error('not today'), { code: answer.error })
      respond(answer)
    })
  }
  const connected = new Promise((resolve, reject) => { client.on('connect', resolve); client.on('error', reject) })
  const closed = new Promise(resolve => client.on('close', (code, reason) => resolve({ code, reason: `${reason}` })))
  client.connect(url.slice(0, url.lastIndexOf('/') + 1))
  await connected
  client.connection.socket.ping('still there?')
  await says((action, payload) => client.callRequest(action, payload), error => error.code)
  client.connection.socket.close(...GOODBYE)
  return await closed
}

const closed = await { 'ocpp-rpc': speaksOcppRpc, 'ocpp-ts': speaksOcppTs }[library]()
console.log(JSON.stringify({ answers, heard, closed }))
process.exit(0)
