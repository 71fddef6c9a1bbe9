// Asks a running `korex serve` for all relations of a sentence, then shows how a wrong request is rejected.
//
//   node examples/restClient.mjs http://localhost:8080
const [address = 'http://localhost:8080'] = process.argv.slice(2);

/**
 * @param {string} path
 * @param {unknown} body
 * @returns {Promise<{ relations: import('korex').Relation[] }>}
 */
async function post(path, body) {
  const response = await fetch(address + path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  const answer = JSON.parse(await response.text());
  if (response.ok) return answer;
  // Every error is problem details (RFC 9457).
  const { title, detail } = answer;
  throw new Error(`${response.status} ${title}: ${detail}`);
}

const sentence = '한빛전자는 2011년 서지우가 세운 회사이다.';
const entities = [
  { word: '한빛전자', type: 'ORG' },
  { word: '서지우', type: 'PER' },
];
const { relations } = await post('/v1/extract', { sentence, entities });
console.log(`${relations.length} relations`);
for (const { subject, relation, object, confidence } of relations)
  console.log(`${subject.word} -- ${relation} (${confidence.toFixed(2)}) --> ${object.word}`);

await post('/v1/predict', { sentence, subject: { word: '가람' }, object: { word: '서지우' } }).catch((error) =>
  console.log(error.message),
);
