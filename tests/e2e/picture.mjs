// Screenshots as numbers, without an image library: the browser decodes its own pictures.

/** The pixels of the canvas alone, without what floats over it or shows that it has the focus: RGBA bytes. */
export async function pixelsOf(page, browser) {
  const cover = (visibility) => page.evaluate((value) => {
    for (const element of window.within().querySelectorAll('.stage > :not(canvas)')) {
      element.style.visibility = value;
    }
    window.byId('canvas').style.outline = value && 'none';
  }, visibility);
  await cover('hidden');
  const png = await page.locator('#canvas').screenshot({ type: 'png' });
  await cover('');
  const blank = await browser.newPage();
  try {
    const pixels = await blank.evaluate(async (base64) => {
      const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
      const context = canvas.getContext('2d');
      context.drawImage(bitmap, 0, 0);
      const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
      // As text: an array of numbers takes a debugging protocol minutes.
      let text = '';
      for (let at = 0; at < data.length; at += 32768) {
        text += String.fromCharCode(...data.subarray(at, at + 32768));
      }
      return btoa(text);
    }, png.toString('base64'));
    return Buffer.from(pixels, 'base64');
  } finally {
    await blank.close();
  }
}

/** The share of pixels for which `test(red, green, blue)` holds. */
export function share(data, test) {
  let count = 0;
  for (let i = 0; i < data.length; i += 4) count += test(data[i], data[i + 1], data[i + 2]) ? 1 : 0;
  return count / (data.length / 4);
}

/** How far along the picture, 0..1, the pixels for which `test` holds lie on average. */
export function middleOf(data, test) {
  let [sum, count] = [0, 0];
  for (let i = 0; i < data.length; i += 4) {
    if (test(data[i], data[i + 1], data[i + 2])) [sum, count] = [sum + i, count + 1];
  }
  return sum / Math.max(1, count) / data.length;
}

/** The middle of the pixels for which `test` holds: across and down; null where there are hardly any. */
export function spotOf(data, width, test) {
  let [across, down, count] = [0, 0, 0];
  for (let i = 0; i < data.length; i += 4) {
    if (!test(data[i], data[i + 1], data[i + 2])) continue;
    across += (i / 4) % width;
    down += Math.floor(i / 4 / width);
    count += 1;
  }
  return count > 20 ? [across / count, down / count] : null;
}

/** The share of pixels of two pictures that differ visibly. */
export function difference(a, b) {
  if (a.length !== b.length) return 1;
  let count = 0;
  for (let i = 0; i < a.length; i += 4) {
    const apart = Math.abs(a[i] - b[i]) + Math.abs(a[i + 1] - b[i + 1]) + Math.abs(a[i + 2] - b[i + 2]);
    count += apart > 24 ? 1 : 0;
  }
  return count / (a.length / 4);
}
