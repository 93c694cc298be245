import { describeEngine } from '../engines/describe-engine';
import { mariadb, mysql } from '../engines/mysql';

describeEngine(mariadb);

describeEngine(mysql);
