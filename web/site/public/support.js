// Runs first, in words that old browsers know: says in the page what the browser lacks, where nothing else would run.
(() => {
  // A function with an instruction of WebAssembly's SIMD (i32x4.splat and the like), as runtimes test for it.
  const simd = [
    0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 30, 1, 28, 0, 65, 0, 253, 15, 253, 12, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 253, 186, 1, 26, 11,
  ];
  const needs = [
    ['WebAssembly SIMD', () => WebAssembly.validate(new Uint8Array(simd))],
    ['DecompressionStream', () => typeof DecompressionStream === 'function'],
    ['Intl.Segmenter', () => typeof Intl.Segmenter === 'function'],
    ['RegExp v', () => Boolean(/[a--b]/v)],
  ];
  const missing = [];
  for (const [name, has] of needs) {
    try {
      if (!has()) missing.push(name);
    } catch {
      missing.push(name);
    }
  }
  if (missing.length === 0) return;
  window.korexUnsupported = missing;
  const list = missing.join(', ');
  const lines = [
    [
      'ko',
      `이 브라우저에서는 모델을 실행할 수 없습니다(${list} 없음). Chrome·Edge 112, Firefox 125, Safari 17 이상의 최신 브라우저로 열어 주세요.`,
    ],
    [
      'en',
      `This browser cannot run the model (it lacks ${list}). Please open the page in a current browser: Chrome or Edge 112, Firefox 125, Safari 17, or newer.`,
    ],
  ];
  const box = document.createElement('main');
  box.style.cssText = 'max-width: 40rem; margin: 3rem auto; padding: 0 1rem; font: 1.1rem/1.6 sans-serif';
  for (const [language, text] of lines) {
    const line = document.createElement('p');
    line.lang = language;
    line.textContent = text;
    box.appendChild(line);
  }
  document.getElementById('app').appendChild(box);
})();
