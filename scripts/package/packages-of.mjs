/**
 * Returns the folders of the packages that contain some of the files, such as `node_modules/yaml`, in alphabetical order.
 *
 * @param {readonly string[]} files paths relative to the checkout.
 * @returns {readonly string[]}
 */
export function packagesOf(files) {
  const folders = files.flatMap((file) => {
    const found = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file.replaceAll('\\', '/'));
    return found === null ? [] : [found[0]];
  });
  return [...new Set(folders)].toSorted();
}
