// Node-RED as it comes, without its editor; a deployment for production would switch that off too.
module.exports = {
  flowFile: "flows.json",
  uiPort: Number(process.env.PORT),
  uiHost: "127.0.0.1",
  httpAdminRoot: false,
  diagnostics: { enabled: false },
  runtimeState: { enabled: false },
  functionExternalModules: true,
  logging: { console: { level: "warn", metrics: false, audit: false } },
};
