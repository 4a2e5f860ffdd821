/** What browsers call themselves, in a version and on a system. */
export const firefox = (version: string, system = 'Windows NT 10.0; Win64; x64'): string =>
  `Mozilla/5.0 (${system}; rv:${version}) Gecko/20100101 Firefox/${version}`;
export const chrome = (version: string, system = 'Windows NT 10.0; Win64; x64'): string =>
  `Mozilla/5.0 (${system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version} Safari/537.36`;
export const safari = (device: string, version: string): string =>
  `Mozilla/5.0 (${device}) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/${version} Mobile/15E148 Safari/604.1`;

export const LINUX = 'X11; Linux x86_64';
export const IPHONE = 'iPhone; CPU iPhone OS 17_4 like Mac OS X';
