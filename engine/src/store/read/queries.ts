import { createActionReads } from './actions.ts';
import { createAdaptationReads } from './adaptations.ts';
import { createAnalysisReads } from './analyses.ts';
import { createApprovalReads } from './approvals.ts';
import { createArtifactReads } from './artifacts.ts';
import { createAttackerProfileReads } from './attacker-profile.ts';
import { createAttackerReads } from './attackers.ts';
import { createAuditReads } from './audit.ts';
import { createCampaignReads } from './campaigns.ts';
import { createCountryReads } from './countries.ts';
import { createDecisionReads } from './decisions.ts';
import { createEventReads } from './events.ts';
import { createHistoryReads } from './history.ts';
import { createKeptFileReads } from './kept-files.ts';
import { createLureReads } from './lures.ts';
import { createNoticeReads } from './notices.ts';
import { createNoveltyReads } from './novelty.ts';
import type { Reader } from './reader.ts';
import { createRollupReads } from './rollups.ts';
import { createSensorReads } from './sensors.ts';
import { createSessionReads } from './sessions.ts';
import { createSourceReads } from './sources.ts';
import { createStatsReads } from './stats.ts';
import { createStatusReads } from './status.ts';
import { createTechniqueReads } from './techniques.ts';

export type Queries = ReturnType<typeof createQueries>;

/**
 * Every read of the API. Each fails as `createReader` says, and with BAD_CURSOR for a cursor that is not its own.
 * @param late for sums over long times, which a few seconds that are missing do not change
 */
export function createQueries(reader: Reader, late: Reader = reader) {
  return {
    ...createEventReads(reader),
    ...createSessionReads(reader),
    ...createArtifactReads(reader),
    ...createAttackerReads(reader),
    ...createAttackerProfileReads(reader),
    ...createStatsReads(late),
    ...createHistoryReads(late),
    ...createCountryReads(late),
    ...createCampaignReads(reader),
    ...createNoveltyReads(late),
    ...createDecisionReads(reader),
    ...createAdaptationReads(reader),
    ...createLureReads(reader),
    ...createKeptFileReads(reader),
    ...createActionReads(reader),
    ...createApprovalReads(reader),
    ...createAuditReads(reader),
    ...createAnalysisReads(reader),
    ...createNoticeReads(reader),
    ...createSensorReads(reader),
    ...createSourceReads(reader),
    ...createRollupReads(late),
    ...createStatusReads(reader),
    ...createTechniqueReads(late),
  };
}
