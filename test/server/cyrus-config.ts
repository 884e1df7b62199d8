interface Setting {
  /** With the certificate. */
  readonly folder: string;
  readonly data: string;
  readonly user: string;
}

interface Services {
  readonly programs: string;
  readonly data: string;
  readonly ports: Record<'imap' | 'imaps' | 'pop3' | 'pop3s' | 'lmtp', number>;
}

/** Cyrus 3.6. Users are whole addresses; a mailbox is made when its user first logs in or is written to. */
export function imapdConfig({ folder, data, user }: Setting): string {
  const folders = ['Drafts', 'Sent', 'Trash', 'Junk', 'Archive'];
  return `configdirectory: ${data}/conf
partition-default: ${data}/spool
defaultpartition: default
sievedir: ${data}/conf/sieve
cyrus_user: ${user}
admins: cyrusadmin
servername: localhost
virtdomains: userid
defaultdomain: localhost
unixhierarchysep: yes
altnamespace: yes
autocreate_quota: 200000
autocreate_inbox_folders: ${folders.join(' | ')}
autocreate_subscribe_folders: ${folders.join(' | ')}
${folders.map((name) => `xlist-${name.toLowerCase()}: ${name}`).join('\n')}
autocreate_post: yes
allowplaintext: yes
sasl_pwcheck_method: auxprop
sasl_auxprop_plugin: sasldb
sasl_sasldb_path: ${data}/sasldb2
sasl_mech_list: PLAIN LOGIN
failedloginpause: 0
tls_server_cert: ${folder}/cert.pem
tls_server_key: ${folder}/key.pem
tls_session_timeout: 0
lmtpsocket: ${data}/conf/socket/lmtp
idlesocket: ${data}/conf/socket/idle
notifysocket: ${data}/conf/socket/notify
mboxname_lockpath: ${data}/conf/lock
proc_path: ${data}/conf/proc
sendmail: /bin/true
popminpoll: 0
lmtp_downcase_rcpt: yes
`;
}

export function cyrusConfig({ programs, data, ports }: Services): string {
  const program = (name: string) => `${programs}/usr/lib/cyrus/bin/${name} -C ${data}/imapd.conf`;
  const service = (name: keyof Services['ports'], command: string) =>
    `  ${name} cmd="${command}" listen="127.0.0.1:${ports[name]}" prefork=0`;
  return `START {
  recover cmd="${program('ctl_cyrusdb')} -r"
}
SERVICES {
${service('imap', program('imapd'))}
${service('imaps', `${program('imapd')} -s`)}
${service('pop3', program('pop3d'))}
${service('pop3s', `${program('pop3d')} -s`)}
${service('lmtp', `${program('lmtpd')} -a`)}
}
EVENTS {
}
DAEMON {
  idled cmd="${program('idled')}"
}
`;
}
