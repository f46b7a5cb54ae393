// Writes src/Vouchsafe.Identity/Passwords/Blocklist/common-passwords.txt: the 10,000 commonest passwords of at least 8 characters,
// the commonest first, in lower case. Shorter ones are refused for their length. The list is that of @zxcvbn-ts/language-common (MIT).
//
//   npm pack @zxcvbn-ts/language-common@4.1.3 && tar xzf zxcvbn-ts-language-common-4.1.3.tgz
//   node eng/common-passwords.mjs package/src/passwords.json
import { readFileSync, writeFileSync } from 'node:fs';

const folder = new URL('../src/Vouchsafe.Identity/Passwords/Blocklist/', import.meta.url);
const words = JSON.parse(readFileSync(process.argv[2], 'utf8')).map(word => word.normalize('NFKC').toLowerCase());
const common = [...new Set(words.filter(word => [...word].length >= 8))].slice(0, 10_000);
writeFileSync(new URL('common-passwords.txt', folder), common.join('\n') + '\n');
