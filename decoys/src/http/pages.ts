/** The one page there is: a login, which always refuses. `hostname` is our own and needs no escaping. */
export function loginPage(hostname: string, wasRefused: boolean): string {
  const refused = wasRefused ? '<p class="error">The username or password you entered is incorrect.</p>' : '';
  return `<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8"><title>${hostname} &middot; Sign in</title></head>\n<body>\n<h1>Sign in</h1>\n${refused}<form method="post" action="/login">\n<label>Username <input name="username" autocomplete="username"></label>\n<label>Password <input name="password" type="password"></label>\n<button>Sign in</button>\n</form>\n</body>\n</html>\n`;
}

/** nginx's own words. */
export function errorPage(title: string): string {
  return `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx/1.18.0 (Ubuntu)</center>\r\n</body>\r\n</html>\r\n`;
}
