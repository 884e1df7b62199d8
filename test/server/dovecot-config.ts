export type Ports = Readonly<
  Record<'imap' | 'imaps' | 'pop3' | 'pop3s' | 'submission' | 'submissions' | 'lmtp' | 'relay', number>
>;

export interface Setting {
  readonly folder: string;
  readonly user: string;
  readonly group: string;
  readonly ports: Ports;
  /** With mailboxes that belong to nobody or that users let each other into, and with rights: not for all tests, for its ACL plugin fails where a mailbox is made again. */
  shared?: boolean;
  /** How letters lie on the disk: a file each, or many in one. */
  format?: 'maildir' | 'mdbox';
}

/**
 * Dovecot 2.3. Each setting of an inner block must be on a line of its own; `chroot =` is for runs by others than root.
 * For speed: no fsync, and no waiting after a wrong password (the delay of auth and the penalty that anvil keeps by
 * address). Clear text passwords are taken here, because Dovecot counts every connection from its own address as safe.
 */
/** What is nobody's own, where the file `acl` says who may do what, and what users let each other into by SETACL (RFC 4314). */
function sharedNamespace(folder: string): string {
  return `namespace public {
  type = public
  separator = /
  prefix = Public/
  location = maildir:${folder}/public
  subscriptions = no
  list = children
}
namespace users {
  type = shared
  separator = /
  prefix = Users/%%u/
  location = maildir:${folder}/mail/%%u/Maildir
  subscriptions = no
  list = children
}
`;
}

export function dovecotConfig({
  folder,
  user,
  group,
  ports,
  shared = false,
  format = 'maildir',
}: Setting): string {
  const specialUse = ['Drafts', 'Sent', 'Trash', 'Junk', 'Archive'];
  return `base_dir = ${folder}/run
state_dir = ${folder}/run
log_path = ${folder}/dovecot.log
protocols = imap pop3 submission lmtp
listen = 127.0.0.1
default_internal_user = ${user}
default_internal_group = ${group}
default_login_user = ${user}
first_valid_uid = 1
ssl = yes
ssl_cert = <${folder}/cert.pem
ssl_key = <${folder}/key.pem
auth_mechanisms = plain login cram-md5 scram-sha-256 oauthbearer xoauth2
auth_failure_delay = 0
mail_home = ${folder}/mail/%u
mail_location = ${format === 'maildir' ? 'maildir:~/Maildir' : 'mdbox:~/mdbox'}
mail_uid = ${user}
mail_gid = ${group}
mail_fsync = never
mail_plugins = $mail_plugins quota zlib${shared ? ' acl' : ''}
mail_max_userip_connections = 100
hostname = localhost
postmaster_address = postmaster@example.test
recipient_delimiter = +
submission_relay_host = 127.0.0.1
submission_relay_port = ${ports.relay}
submission_relay_trusted = no
submission_max_mail_size = 40M
passdb {
  driver = dict
  args = ${folder}/passdb.conf
}
passdb {
  driver = oauth2
  mechanisms = oauthbearer xoauth2
  args = ${folder}/oauth2.conf
}
userdb {
  driver = static
  args = uid=${user} gid=${group} home=${folder}/mail/%u
}
namespace inbox {
  inbox = yes
  separator = /
${specialUse.map((name) => `  mailbox ${name} {\n    special_use = \\${name}\n    auto = subscribe\n  }`).join('\n')}
}
${shared ? sharedNamespace(folder) : ''}protocol imap {
  mail_plugins = $mail_plugins imap_quota imap_zlib${shared ? ' imap_acl' : ''}
}
protocol pop3 {
  pop3_uidl_format = %08Xu%08Xv
}
plugin {
${shared ? `  acl = vfile:${folder}/acl:cache_secs=0\n  acl_shared_dict = file:${folder}/mail/shared` : ''}
  quota = ${format === 'maildir' ? 'maildir:User quota' : 'count:User quota\n  quota_vsizes = yes'}
  quota_rule = *:storage=1G
}
service imap-login {
  chroot =
  process_min_avail = 1
${listener('imap', ports.imap)}
${listener('imaps', ports.imaps, true)}
}
service pop3-login {
  chroot =
${listener('pop3', ports.pop3)}
${listener('pop3s', ports.pop3s, true)}
}
service submission-login {
  chroot =
${listener('submission', ports.submission)}
${listener('submissions', ports.submissions, true)}
}
service lmtp {
${listener('lmtp', ports.lmtp)}
}
service anvil {
  chroot =
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service stats {
  chroot =
}
`;
}

function listener(name: string, port: number, tls = false): string {
  return `  inet_listener ${name} {\n    port = ${port}\n${tls ? '    ssl = yes\n' : ''}  }`;
}

/** A file for each user, read at each login: a passwd-file is looked at once a second only, and tests do not wait. */
export function passdbConfig(folder: string): string {
  return `uri = fs:posix:prefix=${folder}/
password_key = users/%u
default_pass_scheme = PLAIN
`;
}

/** Tokens are looked at by a server of ours (tokens.ts). */
export function oauth2Config(port: number): string {
  return `introspection_mode = get
introspection_url = http://127.0.0.1:${port}/introspect?token=
username_attribute = email
active_attribute = active
active_value = true
force_introspection = yes
`;
}
