// npm itself may run under an older Node; the scripts get Node 24 from the `node` dev dependency, which an install
// without scripts leaves out. Better one clear line here than a strange failure later.
const WANTED = 24;

if (Number(process.versions.node.split('.')[0]) < WANTED) {
  console.error(
    `This needs Node ${WANTED} or newer and runs under ${process.version}: run \`npm ci\` (with install scripts allowed, they bring Node ${WANTED}), then start it through \`npm run\`.`,
  );
  process.exit(1);
}
