// node client.mjs HOST PORT PEER
//
// Connects, sends PEER (a node number) a text and everybody another, waits for the acks and for a text, and leaves.
// One line on standard output for each step. Exit code 0 if it came that far, 1 if not.

import { MeshDevice, Types } from "@meshtastic/core";
import { TransportNode } from "@meshtastic/transport-node";

const LIMIT_MS = 40_000;
const TEXT_INTERVAL_MS = 2_100; // the node drops a second text within 2 s, and says nothing

const [host, port, peer] = process.argv.slice(2);

console.log = console.info = console.debug = console.error; // the client's own log goes there

const say = (line) => process.stdout.write(`${line}\n`);
const name = (number) => `!${number.toString(16).padStart(8, "0")}`;
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const leave = (line, code) => process.stdout.write(`${line}\n`, () => process.exit(code));

setTimeout(() => leave(`gave up after ${LIMIT_MS} ms`, 1), LIMIT_MS);
process.on("unhandledRejection", (reason) => leave(`failed: ${reason?.stack ?? JSON.stringify(reason)}`, 1));

const device = new MeshDevice(await TransportNode.create(host, Number(port)));
const nodes = new Set();
const seen = (event, wanted) =>
  new Promise((done) => event.subscribe((value) => wanted(value) && done(value)));

device.events.onNodeInfoPacket.subscribe((info) => nodes.add(info.num));
device.events.onDeviceStatus.subscribe((status) => {
  if (status === Types.DeviceStatusEnum.DeviceDisconnected) {
    leave("disconnected", 1);
  }
});
const heard = seen(device.events.onMessagePacket, (message) => message.from === Number(peer));
const known = seen(device.events.onMyNodeInfo, () => true);
const configured = seen(device.events.onDeviceStatus, (status) => status === Types.DeviceStatusEnum.DeviceConfigured);

device.configure().catch(() => {}); // it settles by a timeout of 60 s only: the status tells
const { myNodeNum } = await known;
await configured;
say(`configured as ${name(myNodeNum)}, knows ${nodes.size} nodes`);

let acker; // one text is on its way at a time
device.events.onRoutingPacket.subscribe((packet) => (acker = name(packet.from)));

await device.sendText("hello peer", Number(peer), true);
say(`direct text acked by ${acker}`);

await pause(TEXT_INTERVAL_MS);
await device.sendText("hello all", "broadcast", true);
say(`broadcast acked by ${acker}`);

const message = await heard;
leave(`received '${message.data}' from ${name(message.from)}`, 0);
