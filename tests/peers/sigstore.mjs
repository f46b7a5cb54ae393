// Reads checkpoints and inclusion proofs with the verifier that npm uses for its own transparency log.
// In: one JSON object a line {checkpoint, publicKey, keyId, leaf, index, size, root, path, also}, bytes in base64; also: a further key {publicKey, keyId} that it knows. Out: "yes", or why not, a line each.
import { createPublicKey } from 'node:crypto';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const require = createRequire(import.meta.url);
const { verifyCheckpoint } = require('@sigstore/verify/dist/timestamp/checkpoint.js');
const { verifyMerkleInclusion } = require('@sigstore/verify/dist/timestamp/merkle.js');

const bytes = text => Buffer.from(text, 'base64');
const spki = Buffer.from('302a300506032b6570032100', 'hex'); // RFC 8410: an Ed25519 key follows

for await (const line of createInterface({ input: process.stdin })) {
  try {
    const { checkpoint, publicKey, keyId, leaf, index, size, root, path, also } = JSON.parse(line);
    const log = ({ publicKey, keyId }) => ({
      logID: bytes(keyId),
      publicKey: createPublicKey({ key: Buffer.concat([spki, bytes(publicKey)]), format: 'der', type: 'spki' }),
      validFor: { start: new Date(0), end: new Date(8.64e15) },
    });
    const entry = {
      integratedTime: '1', canonicalizedBody: bytes(leaf),
      inclusionProof: { logIndex: String(index), treeSize: String(size), rootHash: bytes(root), hashes: path.map(bytes), checkpoint: { envelope: checkpoint } },
    };
    verifyCheckpoint(entry, [log({ publicKey, keyId }), ...(also ? [log(also)] : [])]);
    verifyMerkleInclusion(entry);
    console.log('yes');
  } catch (refused) {
    console.log(refused.message);
  }
}
