// A WebSocket proxy of `http-proxy`, for the benchmark of the tap: proxy.mjs UPSTREAM; prints its port.
import { createServer } from 'node:http'
import httpProxy from 'http-proxy'

const proxy = httpProxy.createProxyServer({ target: process.argv[2], ws: true })
proxy.on('error', () => {})
const server = createServer()
server.on('upgrade', (request, socket, head) => proxy.ws(request, socket, head))
server.listen({ port: 0, host: '127.0.0.1', backlog: 1_000 }, () => console.log(server.address().port))
