import type { Exchange } from './exchange';

const page = `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>The function app is running</title></head>
<body>
<h1>The function app is running</h1>
<p>This is the local Functions host. Functions answer below their route prefix.</p>
</body>
</html>
`;

/** What `GET /` shows. */
export function sendHomePage({ response }: Exchange): void {
  response.writeHead(200, { 'content-type': 'text/html', 'content-length': page.length });
  response.end(page);
}
