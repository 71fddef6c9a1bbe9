import { serveShards } from '../../../base/queue/serveShards.ts';
import { openShardWork } from './answerShard.ts';

// A process that answers shards for another one, which goes on when this one ends.
serveShards({ batch: openShardWork, extract: openShardWork, evaluate: openShardWork, experiment: openShardWork });
