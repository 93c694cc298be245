import { describeEngine } from '../engines/describe-engine';
import { openldap } from '../engines/ldap';

describeEngine(openldap);
