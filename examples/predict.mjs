// One relation, all relations of a sentence, and what a wrong request throws.
//
//   node examples/predict.mjs
import { KorexError, RelationExtractor } from 'korex';

const sentence = '한빛전자는 2011년 서지우가 세운 회사이다.';
const company = { word: '한빛전자', type: 'ORG' };
const founder = { word: '서지우', type: 'PER' };

const extractor = await RelationExtractor.load(); // the model in the box
try {
  const answer = await extractor.predict({ sentence, subject: company, object: founder });
  console.log(`${answer.relation} ${answer.confidence.toFixed(2)} (${answer.decision})`);

  const { relations } = await extractor.extract({
    sentence,
    entities: [company, founder, { word: '2011년', type: 'DAT' }],
  });
  for (const { subject, relation, object } of relations)
    console.log(`${subject.word} -- ${relation} --> ${object.word}`);

  await extractor.predict({ sentence, subject: { word: '가람' }, object: founder });
} catch (error) {
  if (!(error instanceof KorexError)) throw error;
  // `field` is a JSON pointer into the request.
  console.log(`${error.field}: ${error.message}`);
} finally {
  await extractor.release();
}
