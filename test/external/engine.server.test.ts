import { externalEngine } from './external-engines';
import { externalServer } from './external-server';
import { describeEngine } from '../handlers/engines/describe-engine';

const { engine, server } = externalServer(process.env);

describeEngine(externalEngine(engine, server));
