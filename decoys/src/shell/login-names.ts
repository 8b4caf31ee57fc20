/** What a login gives to every program by name; a shell that the interpreter starts has them all, be they empty. */
export const loginNames: readonly string[] =
  'SHELL LOGNAME USER HOME PATH PWD LANG TERM SHLVL MAIL SSH_CLIENT SSH_CONNECTION SSH_TTY XDG_SESSION_ID XDG_SESSION_TYPE XDG_SESSION_CLASS XDG_RUNTIME_DIR MOTD_SHOWN DBUS_SESSION_BUS_ADDRESS LS_COLORS'.split(
    ' ',
  );
