using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "example", worker = .example),
    (name = "internet", network = (allow = ["public", "local"])),
    (name = "objects", disk = (path = "objects", writable = true)),
  ],
  sockets = [(name = "http", http = (), service = "example")],
);

const example :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = embed "worker.js")],
  compatibilityDate = "2026-04-01",
  globalOutbound = "internet",
  durableObjectNamespaces = [(className = "Runner", uniqueKey = "runner", enableSql = true)],
  durableObjectStorage = (localDisk = "objects"),
  bindings = [
    (name = "RUNNER", durableObjectNamespace = "Runner"),
    (name = "SIGNING_KEY", fromEnvironment = "SIGNING_KEY"),
    (name = "UPSTREAM", fromEnvironment = "UPSTREAM"),
  ],
);
