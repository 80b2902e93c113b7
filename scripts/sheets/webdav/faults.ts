/**
 * What went wrong with a WebDAV server, as one Chinese sentence with its remedy. Holds no password and no path of the server's disk.
 */
import type { DavError } from './connection.ts';

const byStatus: Readonly<Record<number, string>> = {
  400: '不接受这个请求(400):请核对 KEHOU_WEBDAV_URL 是不是 WebDAV 地址',
  401: '的账号或密码不对(401):请核对 KEHOU_WEBDAV_USER 和 KEHOU_WEBDAV_PASSWORD;坚果云和开了两步验证的网盘要用“应用密码”',
  403: '不让这个账号读(403):请网盘管理员给它读写权限',
  404: '上没有这个文件夹(404):请核对 KEHOU_WEBDAV_URL,或在网盘里新建它',
  405: '的这个网址不是 WebDAV 文件夹(405):请核对 KEHOU_WEBDAV_URL',
  413: '不收这么大的文件(413):请网盘管理员放宽上传限制',
  423: '上的文件正被打开(423):关闭后再同步',
  429: '请求太多,暂时不应答(429):下次同步再试',
  501: '的这个网址不是 WebDAV 文件夹(501):请核对 KEHOU_WEBDAV_URL',
  503: '正在维护或太忙(503):下次同步再试',
  507: '的空间满了(507):请清理网盘,或请管理员扩容',
};

const certificate = '的证书有问题(自签名、过期或域名不符):请网盘管理员换上有效证书;单位自建的,把根证书文件用环境变量 NODE_EXTRA_CA_CERTS 指给本程序';

const byCode: Readonly<Record<string, string>> = {
  ECONNREFUSED: '没有应答:网盘服务器可能停了,或端口写错了',
  ENOTFOUND: '的域名找不到:请核对 KEHOU_WEBDAV_URL 和本机的网络',
  EAI_AGAIN: '的域名查不到:请检查本机的网络',
  ETIMEDOUT: '太久没有应答:网络太慢或服务器太忙,下次同步再试',
  ECONNRESET: '中途断开了:下次同步再试',
  EPIPE: '中途断开了:下次同步再试',
  ERR_STREAM_PREMATURE_CLOSE: '中途断开了:下次同步再试',
  EHOSTUNREACH: '到不了:请检查本机的网络',
  ENETUNREACH: '到不了:请检查本机的网络',
  EPROTO: '不能用 https 连接:请核对 KEHOU_WEBDAV_URL 开头是 http:// 还是 https://',
  NOT_WEBDAV: '的应答不是 WebDAV 的格式:请核对 KEHOU_WEBDAV_URL',
};

const isCertificate = (code: string): boolean => /CERT|^ERR_TLS|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER/.test(code);

const words = ({ status, code }: DavError): string => {
  if (status) return byStatus[status] ?? (status >= 500 ? `出错了(${status}):下次同步再试` : `拒绝了(${status})`);
  return isCertificate(code) ? certificate : (byCode[code] ?? `连不上(${code}):请检查网络`);
};

/** `网盘 https://dav.example.cn/x/ 没有应答:…`. */
export const sayFault = (error: DavError, where: string): string => `网盘 ${where} ${words(error)}`;

/** Why the answers could not be put beside what was taken. */
export const sayUnwritten = (error: DavError): string => {
  if (error.status === 403 || error.status === 401) return '数据已收,答复写不进去:网盘账号对这个文件夹只能读,请网盘管理员给它写的权限';
  if (error.status === 405 || error.status === 501)
    return `数据已收,答复写不进去:网盘不支持整份替换文件(${error.status}),请换用网盘客户端同步的文件夹`;
  return `数据已收,答复没有写进去:网盘${words(error)}`;
};
