// Screenshots as numbers, without an image library: the browser decodes its own pictures.

/** The pixels of the canvas as it is shown, labels hidden: `{width, height, data}` (RGBA). */
export async function pixelsOf(page, browser) {
  await page.evaluate(() => { document.getElementById('labels').style.visibility = 'hidden'; });
  const png = await page.locator('#canvas').screenshot({ type: 'png' });
  await page.evaluate(() => { document.getElementById('labels').style.visibility = ''; });
  const blank = await browser.newPage(); // Its policy allows data: pictures.
  try {
    return await blank.evaluate(async (base64) => {
      const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
      const context = canvas.getContext('2d');
      context.drawImage(bitmap, 0, 0);
      const { width, height } = bitmap;
      return { width, height, data: [...context.getImageData(0, 0, width, height).data] };
    }, png.toString('base64'));
  } finally {
    await blank.close();
  }
}

/** The share of pixels for which `test(red, green, blue)` holds. */
export function share({ data }, test) {
  let count = 0;
  for (let i = 0; i < data.length; i += 4) count += test(data[i], data[i + 1], data[i + 2]) ? 1 : 0;
  return count / (data.length / 4);
}

/** The share of pixels of two pictures that differ visibly. */
export function difference(a, b) {
  if (a.data.length !== b.data.length) return 1;
  let count = 0;
  for (let i = 0; i < a.data.length; i += 4) {
    const apart = Math.abs(a.data[i] - b.data[i]) + Math.abs(a.data[i + 1] - b.data[i + 1])
      + Math.abs(a.data[i + 2] - b.data[i + 2]);
    count += apart > 24 ? 1 : 0;
  }
  return count / (a.data.length / 4);
}
