import { VERSION } from '../../base/core/version.ts';
import {
  type CardInput,
  dataSection,
  describe,
  licenceSection,
  resultSection,
} from '../../inference/export/modelCard.ts';

/**
 * `README.md` of a page: what it is, how to publish it, and what the model is, learned from and may be used for.
 *
 * @param sent bytes that a browser loads before the first answer
 */
export function siteReadme({ name, model, facts, sources }: CardInput, sent: number): string {
  const megabytes = `${(sent / 1e6).toFixed(1)} MB`;
  const sections = [
    `# ${name}`,
    `한국어 문장에서 두 엔티티의 관계를 찾는 페이지입니다. 모델이 이 페이지를 연 브라우저 안에서 실행되므로 서버가 필요 없고, 입력한 문장은 어디로도 전송되지 않습니다.`,
    `A page that finds the relation of two entities in a Korean sentence. The model runs in the browser that opens the page: there is no server, and no sentence leaves the browser.`,
    [
      '## Use',
      `- From disk: open \`index.html\`.`,
      `- On the web: put this folder on any static host, at any path. Nothing has to be configured.`,
      `- Before the first answer a browser loads ${megabytes}. It is tested in Chromium; what it uses is in Chrome and Edge from 112 on, Firefox from 125 and Safari from 17.`,
    ].join('\n'),
    [
      '## 사용법',
      '- 디스크에서: `index.html`을 엽니다.',
      '- 웹에서: 이 폴더를 아무 정적 호스팅의 아무 경로에나 올립니다. 따로 설정할 것은 없습니다.',
      `- 첫 답을 내기 전에 브라우저가 ${megabytes}를 내려받습니다. Chromium에서 테스트했으며, 쓰는 기능은 Chrome·Edge 112, Firefox 125, Safari 17부터 있습니다.`,
    ].join('\n'),
    `## Model\n\n${describe(model)} This page holds its weights in 8 bits, a scale for each 32 of them; where a decision is close, a few rows in a thousand are answered otherwise than with 32 bits.`,
    `## Data\n\n${dataSection(facts, sources)}`,
    `## Results\n\n${resultSection(facts)}`,
    [
      '## Licences',
      licenceSection(sources),
      `- The page, its libraries and the runtime: \`LICENSE.txt\`, \`NOTICE.txt\` and \`LICENSES.md\`.`,
      'If you publish this folder, you publish the weights: keep to their licence.',
    ].join('\n\n'),
    `Made with korex ${VERSION}.`,
  ];
  return `${sections.join('\n\n')}\n`;
}
