import type { AnalystStatus } from '@cerberusmesh/contract/analysis';
import type { HealthReport, StatusReport } from '@cerberusmesh/contract/api-health';
import type { Ground } from './ground.ts';
import { version } from './project.ts';
import { toldRoles } from './streams/roles.ts';

export interface StatusParts extends Pick<Ground, 'role' | 'config' | 'queries' | 'settings'> {
  readonly analyst: { readStatus(): Promise<AnalystStatus> };
  readonly policyVersion: () => string;
  readonly modelVersion: () => string | null;
}

/** GET /status: what this process is and does, with what the database knows of its jobs and sensors. */
export function createReadStatus(parts: StatusParts, startedAt: Date, health: () => Promise<HealthReport>) {
  const { role, config, queries, settings } = parts;
  return async function readStatus(): Promise<StatusReport> {
    const [report, stored, analyst] = await Promise.all([health(), queries.readStatus(), parts.analyst.readStatus()]);
    return {
      status: report.status,
      version,
      started_at: startedAt.toISOString(),
      uptime_seconds: report.uptimeSeconds,
      roles: toldRoles(role),
      dry_run: config.agent.dryRun,
      auto_adaptation: settings.current().ENABLE_AUTO_ADAPTATION,
      model_version: parts.modelVersion(),
      policy_version: parts.policyVersion(),
      memory_bytes: process.memoryUsage.rss(),
      analyst,
      jobs_waiting: stored.jobsWaiting,
      jobs_failed: stored.jobsFailed,
      sensors: stored.sensors,
    };
  };
}
