// Frames of every kind, sent by `ws`: frames.mjs SEED COUNT END [URL]
// With a URL it connects, without one it listens and prints its port first. It sends COUNT messages, fragmented and
// with pings in between, and one last text. Once it has the last text of the other end, it ends the line as END says:
// `waits` for the other end to do so, `terminates`, `closes` without a code, or closes with the code that END is.
import { WebSocket, WebSocketServer } from 'ws'

const [seed, count, end, url] = process.argv.slice(2)
const LAST = 'that was all'
const SIZES = [0, 1, 2, 125, 126, 127, 4_000, 65_535, 65_536]
let state = Number(seed)

function dice (sides) { // the same throws for the same seed
  state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
  return (state >>> 8) % sides
}

function message (number) {
  const size = SIZES[dice(number % 50 ? 7 : 9)]
  if (dice(3) === 0) return Buffer.from({ length: size }, () => dice(256))
  return `[2,"${number}","DataTransfer",{"data":"${'ü€🔌\u0000'.repeat(size / 4)}"}]`
}

function sends (socket) {
  for (let number = 0; number < Number(count); number++) {
    const whole = message(number)
    if (dice(5) === 0) {
      const at = dice(whole.length + 1)
      socket.send(whole.slice(0, at), { fin: false })
      socket.ping(`between the parts of ${number}`)
      socket.send(whole.slice(at), { fin: true })
    } else {
      socket.send(whole)
    }
    if (dice(9) === 0) socket.pong(`nobody asked, ${number}`)
  }
  socket.send(LAST)
}

function ends (socket) {
  if (end === 'waits') return
  if (end === 'terminates') return socket.terminate()
  if (end === 'closes') return socket.close()
  socket.close(Number(end), 'enough, tschüß')
}

function talks (socket) {
  let received = 0
  socket.on('message', (data, isBinary) => {
    received += 1
    if (!isBinary && `${data}` === LAST) ends(socket)
  })
  socket.on('close', (code, reason) => {
    console.log(JSON.stringify({ received, code, reason: `${reason}` }))
    process.exit(0)
  })
  sends(socket)
}

if (url) {
  const socket = new WebSocket(url, ['ocpp1.6'], { perMessageDeflate: false })
  socket.on('open', () => talks(socket))
} else {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
  server.on('listening', () => console.log(JSON.stringify({ port: server.address().port })))
  server.on('connection', talks)
}
