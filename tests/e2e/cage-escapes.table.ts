/** Where things are that a program in a sandbox must not reach. */
export interface Outside {
  /** A folder with `secret.txt`, beside the project on the host. */
  readonly folder: string;
  readonly project: string;
  /** A process of this user. */
  readonly pid: number;
  readonly tcp: number;
  readonly udp: number;
  readonly socket: string;
  readonly abstract: string;
}

/** Lines for the shell that succeed only when they get out. `deps` is a read-only folder, `node_modules` one by entries. */
export const ESCAPES: Readonly<Record<string, (outside: Outside) => string>> = {
  // files of the host
  'read a file beside the project': ({ folder }) => `cat ${folder}/secret.txt`,
  'read it through ..': ({ folder }) => `cat ../../../../../../../..${folder}/secret.txt`,
  'read it through the root of the first process': ({ folder }) => `cat /proc/1/root${folder}/secret.txt`,
  'read it through a symbolic link': ({ folder }) => `ln -s ${folder}/secret.txt s && cat s`,
  'read it through a link to a folder': ({ folder }) => `ln -s ${folder} d && cat d/secret.txt`,
  'read it through the folder of the first process': () => 'cat /proc/1/cwd/../outside/secret.txt',
  'read it by an open descriptor': () => 'for fd in /proc/1/fd/*; do cat $fd/../outside/secret.txt && exit 0; done; false',
  'find a descriptor of another program': () =>
    'ls -l /proc/self/fd | grep -v -e socket: -e /dev/null -e pipe: -e /proc -e /tmp/probe | grep -e "->"',
  'read the project under its own name': ({ project }) => `ls ${project}`,
  'read the passwords': () => 'cat /etc/shadow',
  'learn who has accounts here': () => 'grep -v resident /etc/passwd',
  'learn the name of the machine': () => '[ "$(uname -n)" != sandbox ]',
  'read the home of root': () => 'ls /root',
  'list homes': () => 'ls /home | grep -v resident',
  'read what services run': () => 'ls /run/* /var/run/*',
  'read logs': () => 'ls /var/log /var/lib',
  'list workspaces': () => 'ls -d /work /srv /mnt /media /opt',
  'list what is in /tmp': () => 'ls -A /tmp | grep -v probe',
  'read the environment of the first process': () =>
    'tr "\\0" "\\n" < /proc/1/environ | grep -v -e ^PATH= -e ^HOME= -e ^TMPDIR= -e ^LANG= -e ^LC_ALL= -e ^PWD= | grep .',
  'read host paths from its command line': ({ project }) => `tr "\\0" "\\n" < /proc/1/cmdline | grep -e ${project} -e bwrap`,
  'read a key from the environment': () => 'env | grep -i -e key -e token -e secret -e vivarium',
  'read the memory of the machine': () => 'head -c 1 /dev/mem || head -c 1 /proc/kcore || head -c 1 /dev/kmem',
  'read a disk': () => 'for d in /dev/sd* /dev/vd* /dev/nvme* /dev/loop*; do head -c 1 $d && exit 0; done; false',
  'read the messages of the kernel': () => 'dmesg || head -c 1 /dev/kmsg',
  // writing
  'write beside the project': ({ folder }) => `echo x > ${folder}/new.txt`,
  'write through a link': ({ folder }) => `ln -s ${folder}/secret.txt w && echo x > w`,
  'write above the project': () => 'echo x > ../new.txt',
  'write into the root': () => 'echo x > /new.txt',
  'write a program of the system': () => 'echo x > /usr/bin/new || echo x > /bin/sh || rm /usr/bin/env',
  'write a device': () => 'echo x > /dev/new',
  'write /etc': () => 'echo x >> /etc/passwd || echo x > /etc/new || rm /etc/hosts',
  'write a dependency': () => 'echo x >> deps/lib/index.js || echo x > deps/new.js || rm deps/lib/index.js',
  'write a dependency shown by entries': () =>
    'echo x >> node_modules/lib/index.js || rm node_modules/lib/index.js || echo x > node_modules/lib/new.js',
  'make a dependency writable': () => 'chmod u+w deps/lib/index.js && echo x >> deps/lib/index.js',
  'move a dependency away': () => 'mv deps moved || mv node_modules/lib node_modules/moved || rmdir node_modules/lib',
  'link a program of the system into the project': () => 'ln /usr/bin/env hard && echo x >> hard',
  'link a dependency into the project': () => 'ln deps/lib/index.js hard && echo x >> hard',
  'write through a process of its own': ({ folder }) => `(cd / && echo x > proc/self/root${folder}/new.txt)`,
  'touch the time of a file outside': () => 'touch /usr/bin/env',
  'change its owner': () => 'chown 1:1 . || chgrp 1 .',
  // network
  'connect to this machine': ({ tcp }) => `bash -c "echo x > /dev/tcp/127.0.0.1/${tcp}"`,
  'connect to this machine by another name': ({ tcp }) =>
    `bash -c "echo x > /dev/tcp/localhost/${tcp}" || bash -c "echo x > /dev/tcp/127.1.2.3/${tcp}"`,
  'connect by IPv6': ({ tcp }) => `bash -c "echo x > /dev/tcp/::1/${tcp}"`,
  'connect to the world': () => 'bash -c "echo x > /dev/tcp/192.0.2.1/443"',
  'send to the world': () => 'bash -c "echo x > /dev/udp/192.0.2.1/53"',
  'resolve a name': () => 'getent hosts example.org',
  'connect to a socket of the host': ({ socket }) => connect(`pack_sockaddr_un("${socket}")`),
  'connect to an abstract socket of the host': ({ abstract }) =>
    // Some listen on a name that is filled up to its full length.
    [connect(`pack("Sa108", 1, "\\0${abstract}")`), connect(`pack_sockaddr_un("\\0${abstract}")`)].join(' || '),
  'connect to the bus or to docker': () =>
    [connect('pack_sockaddr_un("/run/dbus/system_bus_socket")'), connect('pack_sockaddr_un("/var/run/docker.sock")')].join(
      ' || ',
    ),
  'open a raw socket': () => perl('use Socket; exit !socket(S, PF_INET, SOCK_RAW, 1)'),
  'open a packet socket': () => perl('exit !socket(S, 17, 3, 768)'),
  'see a network device': () => 'tail -n +3 /proc/net/dev | grep -v " lo:"',
  'make a network device': () => 'ip link add d type dummy || ip tuntap add t mode tun || ip addr add 10.0.0.1/8 dev lo',
  'see the connections of the host': ({ tcp }) => `grep -i ":$(printf %04X ${tcp}) " /proc/net/tcp /proc/net/tcp6`,
  // privileges
  'be root by another namespace': () => 'unshare -Ur true',
  'make a namespace of mounts': () => 'unshare -m true || unshare -n true || unshare -p true || unshare -Um true',
  'join a namespace': () => 'nsenter -t 1 -m -r true || nsenter -t 1 -U true',
  'clone into a namespace': () => perl('my $p = syscall(56, 0x10000000 | 17, 0, 0, 0, 0); exit 1 if $p < 0; exit 0'),
  'allow namespaces again': () => 'echo 9 > /proc/sys/user/max_user_namespaces',
  mount: () => 'mkdir m; mount -t tmpfs t m || mount --bind / m || mount -o remount,rw / || mount -t proc p m',
  unmount: () => 'umount node_modules/lib || umount deps || umount /tmp || umount -l /proc',
  'mount by the newer calls': () => perl('exit !(syscall(428, -100, $usr, 1) >= 0 || syscall(430, $fs, 0) >= 0)'),
  'change the root': () => 'mkdir -p r && chroot r /bin/true || pivot_root . .',
  'be another user': () => perl('$> = 0; exit 0 if $> == 0; $< = 1; exit($< != 1)'),
  'take a group': () => perl('exit !(syscall(116, 1, $zeros) == 0)'),
  'run a program as root': () => 'sudo -n true || su -c true || pkexec true || [ "$(setpriv --reuid 0 id -u)" = 0 ]',
  'gain by a program with the root bit': () => 'cp /usr/bin/id own && chmod 4755 own && ./own -u | grep -x 0',
  'have a capability': () => 'grep -E "Cap(Eff|Prm|Inh|Bnd|Amb):" /proc/self/status | grep -v 0000000000000000',
  'give up what forbids new privileges': () => 'grep NoNewPrivs /proc/self/status | grep -v 1',
  'make a device': () => 'mknod disk b 8 0 || mknod mem c 1 1 || mknod /tmp/mem c 1 1',
  'own the terminal': () => 'sh -c "echo x > /dev/tty" || [ "$(tty)" != "not a tty" ]',
  // processes
  'see a process of the host': ({ pid }) =>
    `[ $(ls -d /proc/[0-9]* | wc -l) -gt 20 ] || grep -l -a vitest /proc/[0-9]*/cmdline | grep -v self | xargs -r grep -L ${pid}-probe | grep .`,
  'signal a process of the host': ({ pid }) => `kill -0 ${pid}`,
  'signal everything': () => 'kill -0 $(seq 1000 2000)',
  'end the first process': () => 'kill -9 1; kill -TERM 1; sleep 0.05; kill -0 1 && false',
  'trace a process of the host': ({ pid }) => perl(`exit !(syscall(101, 16, ${pid}, 0, 0) == 0)`),
  'take a descriptor of the first process': () =>
    perl('my $p = syscall(434, 1, 0); exit 1 if $p < 0; for (0..9) { exit 0 if syscall(438, $p, $_, 0) >= 0 } exit 1'),
  'read the memory of the host': ({ pid }) => `head -c 1 /proc/${pid}/mem`,
  'change the priority of others': ({ pid }) => `renice -n -5 ${pid} || nice -n -5 true 2>&1 | grep -v cannot`,
  // the kernel
  'read or change what is the kernel’s': () =>
    'for f in kcore keys kpagecount kpageflags mtrr slabinfo timer_list; do head -c 1 /proc/$f && exit 0; done; find /proc/sys -writable -type f | grep .',
  'press the keys of the system': () => 'echo h > /proc/sysrq-trigger',
  'change a setting of the kernel': () =>
    'echo x > /proc/sys/kernel/hostname || echo 1 > /proc/sys/vm/drop_caches || echo x > /proc/sys/kernel/core_pattern',
  'write or read /sys': () => 'ls /sys/class || ls /sys/fs/cgroup || echo x > /sys/power/state',
  'change the clock': () => 'date -s 2001-01-01 || hwclock --systohc',
  'change the name of the machine': () => 'hostname other && [ "$(uname -n)" = other ]',
  'raise a limit': () => 'ulimit -Hn 100000 || ulimit -Hf unlimited || ulimit -Hc 1',
  'raise a limit of another': ({ pid }) => `prlimit --pid ${pid} --nofile=1:1 || prlimit --pid 1 --nofile=100000:100000`,
  'use a keyring': () =>
    perl('exit !(syscall(250, 0, -3, 1) >= 0 || syscall(248, $user, $k, $v, 1, -3) >= 0 || syscall(249, $user, $k, 0, 0) >= 0)'),
  'hide memory from the limits': () =>
    perl('exit !(syscall(319, $k, 0) >= 0 || syscall(29, 0, 4096, 0600) >= 0 || syscall(68, 0, 0600) >= 0)'),
  'hide behind the second interface': () => perl('exit !(syscall(0x40000000 + 319, $k, 0) >= 0)'),
  'load a program into the kernel': () =>
    perl(
      'exit !(syscall(321, 0, $zeros, 128) >= 0 || syscall(298, $zeros, 0, -1, -1, 0) >= 0 || syscall(323, 0) >= 0 || syscall(425, 8, $zeros) >= 0)',
    ),
  'load a module': () => 'modprobe loop || insmod /x.ko || [ -w /proc/sys/kernel/modprobe ]',
  'switch the swap or reboot': () => 'swapoff -a && swapon /x || reboot -f',
};

/** Other users and devices may be missing from a container; the rest of a line counts nevertheless. */
const perl = (code: string): string => `perl -e '${code.includes('syscall(') ? STRINGS : ''} ${code}'`;

/** A call takes no string that is written out in it: the kernel might write there. */
const STRINGS = 'my ($usr, $fs, $user, $k, $v, $zeros) = ("/usr", "tmpfs", "user", "k", "v", "\\0" x 128);';

const connect = (address: string): string =>
  perl(`use Socket; socket(S, PF_UNIX, SOCK_STREAM, 0) or exit 1; exit !connect(S, ${address})`);

/** Calls are told by the numbers of one architecture. */
export const isTold = (probe: string): boolean => process.arch === 'x64' || !probe.includes('syscall(');
