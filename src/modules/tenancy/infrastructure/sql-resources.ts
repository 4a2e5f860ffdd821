import { Injectable } from '@nestjs/common';
import { NotFound } from '../../../kernel/domain-error';
import type { TenantId } from '../../../kernel/ids';
import { Database } from '../../../platform/database/database';
import { violatedReference } from '../../../platform/database/failures';
import { Resources } from '../application/roles/resources.port';
import type { Resource } from '../domain/resource';

@Injectable()
export class SqlResources extends Resources {
  constructor(private readonly database: Database) {
    super();
  }

  list(tenantId: TenantId): Promise<readonly Resource[]> {
    return this.database.reader.query<Resource[]>(
      'SELECT resource AS name, description, actions FROM registered_resources WHERE tenant_id = $1 ORDER BY resource',
      [tenantId],
    );
  }

  async add(tenantId: TenantId, { name, description, actions }: Resource, at: Date): Promise<boolean> {
    try {
      const added = await this.database.writer.query<unknown[]>(
        `INSERT INTO registered_resources (tenant_id, resource, description, actions, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $5)
         ON CONFLICT ON CONSTRAINT registered_resources_pkey DO NOTHING RETURNING resource`,
        [tenantId, name, description, actions, at],
      );
      return added.length > 0;
    } catch (error) {
      if (violatedReference(error) === 'registered_resources_tenant') throw new NotFound({ cause: error });
      throw error;
    }
  }

  async save(tenantId: TenantId, { name, description, actions }: Resource, at: Date): Promise<boolean> {
    const [, saved] = await this.database.writer.query<[unknown, number]>(
      `UPDATE registered_resources SET description = $3, actions = $4, updated_at = $5
       WHERE tenant_id = $1 AND resource = $2`,
      [tenantId, name, description, actions, at],
    );
    return saved > 0;
  }

  async remove(tenantId: TenantId, name: string): Promise<boolean> {
    const [, removed] = await this.database.writer.query<[unknown, number]>(
      'DELETE FROM registered_resources WHERE tenant_id = $1 AND resource = $2',
      [tenantId, name],
    );
    return removed > 0;
  }
}
