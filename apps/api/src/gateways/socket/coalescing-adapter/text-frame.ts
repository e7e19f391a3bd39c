/**
 * A Socket.IO packet as the bytes of one unmasked websocket text frame (RFC 6455, 5.2), so that it can be written to any number
 * of sockets as it is. `encoded` is what Socket.IO's encoder gives; the '4' before it is Engine.IO's "message".
 */
export function textFrame(encoded: string): Buffer {
  const length = Buffer.byteLength(encoded) + 1;
  const headerLength = length < 126 ? 2 : length < 0x10000 ? 4 : 10;
  const frame = Buffer.allocUnsafe(headerLength + length);
  frame[0] = 0x81;
  if (headerLength === 2) frame[1] = length;
  else if (headerLength === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame[headerLength] = 0x34;
  frame.write(encoded, headerLength + 1);
  return frame;
}
